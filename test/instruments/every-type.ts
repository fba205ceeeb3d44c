/** One instrument with every question type, branching of every kind and marked reasons; foreign JSON for `parseInstrument`. */

const agree = [
  { value: 1, text: 'Disagree' },
  { value: 2, text: 'Neither' },
  { value: 3, text: 'Agree' },
  { value: 99, text: 'Prefer not to say', missingReason: 'declined' },
];
const colours = [
  { value: 1, text: 'Red' },
  { value: 2, text: 'Green' },
  { value: 3, text: 'Blue' },
];

export const everyType = {
  id: 'every-type',
  version: 1,
  kind: 'survey',
  title: 'Every type',
  description: 'Every question type that yields codable answers.',
  languages: ['en'],
  subject: 'person',
  sources: [],
  permission: { holder: 'nobody', status: 'not-needed', note: 'made for tests' },
  scales: [
    {
      id: 'mood',
      title: 'Mood',
      construct: 'how it goes',
      items: [
        { name: 'mood_good', reversed: false },
        { name: 'mood_bad', reversed: true },
        { name: 'stars', reversed: false },
      ],
      range: { min: 1, max: 3 },
      score: 'mean',
      minimumAnswered: 2,
      aggregation: 'person-first',
      referenceValues: [],
    },
  ],
  changes: [],
  survey: {
    pages: [
      {
        name: 'closed',
        elements: [
          { type: 'radiogroup', name: 'colour', title: 'Colour', isRequired: true, choices: colours },
          {
            type: 'dropdown',
            name: 'shade',
            title: 'Shade',
            visibleIf: '{colour} = 2',
            choices: [
              { value: 1, text: 'Light' },
              { value: 2, text: 'Dark' },
              { value: 98, text: 'Not applicable', missingReason: 'not-applicable' },
            ],
          },
          { type: 'rating', name: 'stars', title: 'Stars', rateMin: 1, rateMax: 3 },
          { type: 'boolean', name: 'likes', title: 'Likes it' },
          { type: 'boolean', name: 'coded', title: 'Coded', valueTrue: 2, valueFalse: 1, visibleIf: '{likes} = true' },
          {
            type: 'checkbox',
            name: 'pets',
            title: 'Pets',
            maxSelectedChoices: 2,
            choices: [
              { value: 1, text: 'Cat' },
              { value: 2, text: 'Dog', visibleIf: '{colour} <> 3' },
              { value: 3, text: 'Fish' },
              { value: 9, text: 'None', isExclusive: true },
              { value: 99, text: 'Prefer not to say', isExclusive: true, missingReason: 'declined' },
            ],
          },
          { type: 'tagbox', name: 'tags', title: 'Tags', isRequired: true, choices: colours },
          { type: 'ranking', name: 'order', title: 'Order', choices: colours },
          {
            type: 'matrix',
            name: 'moods',
            title: 'Moods',
            columns: agree,
            rows: [
              { value: 'mood_good', text: 'Good' },
              { value: 'mood_bad', text: 'Bad' },
              { value: 'mood_odd', text: 'Odd', visibleIf: '{stars} > 1' },
            ],
          },
        ],
      },
      {
        name: 'open',
        elements: [
          { type: 'slider', name: 'level', title: 'Level', min: 0, max: 10, step: 2 },
          { type: 'slider', sliderType: 'range', name: 'band', title: 'Band', min: 0, max: 100, step: 5 },
          { type: 'text', name: 'words', title: 'Words', maxLength: 40 },
          { type: 'text', inputType: 'number', name: 'count', title: 'Count', min: 0, max: 30, step: 1 },
          { type: 'text', inputType: 'number', name: 'decimal', title: 'Decimal' },
          { type: 'text', inputType: 'range', name: 'ranged', title: 'Ranged', min: 0, max: 50, step: 5 },
          { type: 'text', inputType: 'date', name: 'on_day', title: 'Day', min: '2026-01-10', max: '2026-02-20' },
          { type: 'text', inputType: 'datetime-local', name: 'at_moment', title: 'Moment' },
          { type: 'text', inputType: 'time', name: 'at_time', title: 'Time' },
          { type: 'text', inputType: 'month', name: 'in_month', title: 'Month' },
          { type: 'text', inputType: 'week', name: 'in_week', title: 'Week' },
          { type: 'text', inputType: 'email', name: 'mail', title: 'Mail' },
          { type: 'text', inputType: 'url', name: 'link', title: 'Link' },
          { type: 'text', inputType: 'tel', name: 'phone', title: 'Phone' },
          { type: 'text', inputType: 'color', name: 'paint', title: 'Paint' },
          { type: 'text', inputType: 'password', name: 'word', title: 'Word' },
          { type: 'comment', name: 'remarks', title: 'Remarks', visibleIf: '{count} > 10' },
          {
            type: 'multipletext',
            name: 'boxes',
            title: 'Boxes',
            items: [
              { name: 'box_words', title: 'Words' },
              {
                name: 'box_count',
                title: 'Count',
                inputType: 'number',
                validators: [{ type: 'numeric', minValue: 1, maxValue: 5 }],
              },
            ],
          },
          { type: 'expression', name: 'doubled', title: 'Doubled', expression: '{count} * 2' },
        ],
      },
      {
        name: 'tables',
        visibleIf: '{colour} < 3',
        elements: [
          {
            type: 'matrixdropdown',
            name: 'grid',
            title: 'Grid',
            rows: [
              { value: 'north', text: 'North' },
              { value: 'south', text: 'South' },
            ],
            columns: [
              { name: 'share', title: 'Share', cellType: 'dropdown', choices: colours },
              { name: 'why', title: 'Why', cellType: 'text', visibleIf: '{row.share} = 1' },
              { name: 'kinds', title: 'Kinds', cellType: 'checkbox', choices: colours },
            ],
          },
          {
            type: 'matrixdynamic',
            name: 'visits',
            title: 'Visits',
            rowCount: 0,
            maxRowCount: 4,
            columns: [
              { name: 'visit_day', title: 'Day', cellType: 'text', inputType: 'date', isRequired: true },
              { name: 'visit_kind', title: 'Kind', cellType: 'dropdown', choices: colours },
            ],
          },
          {
            type: 'paneldynamic',
            name: 'events',
            title: 'Events',
            panelCount: 0,
            maxPanelCount: 3,
            templateElements: [
              { type: 'radiogroup', name: 'ev_kind', title: 'Kind', isRequired: true, choices: colours },
              { type: 'comment', name: 'ev_why', title: 'Why', visibleIf: '{panel.ev_kind} = 3' },
              { type: 'text', inputType: 'number', name: 'ev_days', title: 'Days', min: 0, max: 5 },
            ],
          },
        ],
      },
    ],
    calculatedValues: [{ name: 'sum_of', expression: '{count} + {stars}', includeIntoResult: true }],
  },
} as const;
