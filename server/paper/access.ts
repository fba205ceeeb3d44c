/** The rows of `permissions.ts` for paper forms: clerks type, and whoever runs the administration decides. */
export const paperAccess = {
  'GET /api/studies/:study/administrations/:administration/paper': 'paper.enter',
  'PUT /api/studies/:study/administrations/:administration/paper': 'administration.manage',
  'GET /api/studies/:study/administrations/:administration/paper/people': 'paper.enter',
  'POST /api/studies/:study/administrations/:administration/paper/forms': 'paper.enter',
  'GET /api/studies/:study/administrations/:administration/paper/forms/:form': 'paper.enter',
  'DELETE /api/studies/:study/administrations/:administration/paper/forms/:form': 'paper.enter',
  'POST /api/studies/:study/administrations/:administration/paper/forms/:form/entry': 'paper.enter',
  'PUT /api/studies/:study/administrations/:administration/paper/forms/:form/entry': 'paper.enter',
  'POST /api/studies/:study/administrations/:administration/paper/forms/:form/entry/finish': 'paper.enter',
  'POST /api/studies/:study/administrations/:administration/paper/forms/:form/decisions': 'administration.manage',
  'POST /api/studies/:study/administrations/:administration/paper/forms/:form/send': 'administration.manage',
} as const;
