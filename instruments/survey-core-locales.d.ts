/** survey-core's translations carry no types; importing one registers it and gives nothing back that is used. */
declare module 'survey-core/i18n/*';
