/** The registry of problems: unique stable codes, fitting statuses, sentences that say what to do; and how one is written. */
import { expect, test } from 'vitest';
import { z } from 'zod';
import { issuesOf } from '../../server/http.ts';
import { problemOf } from '../../server/problem-of.ts';
import { Problem, type ProblemCode, problemCodes } from '../../server/problems.ts';

/** What a person can do, in the words that the sentences use. */
const advice =
  /\b(Ask|Check|Choose|Correct|Nothing more is needed|Open|Quote|Reload|Restart|Send|Sign in|Take|Wait|see "issues|tell|[Tt]ry again)\b/;

test('codes are kebab-case and each is there once', () => {
  expect(new Set(problemCodes).size).toBe(problemCodes.length);
  for (const code of problemCodes) expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
});

test.each(problemCodes)('%s has an error status and a sentence that says what to do', (code) => {
  const { status, title } = new Problem(code);
  expect(status).toBeGreaterThanOrEqual(400);
  expect(status).toBeLessThan(600);
  expect(title).toMatch(/^[A-Z].*\.$/);
  expect(title).toMatch(advice);
  expect(title.length).toBeLessThanOrEqual(140);
});

test('a problem is an RFC 9457 document with our code, its issues and the request id', () => {
  const issues = [{ code: 'too-big', path: 'answers.age', message: 'At most 120.' }];
  const problem = new Problem('invalid-answers', { detail: 'One answer.', issues });
  expect(problem.toJSON('request-7')).toEqual({
    type: '/problems/invalid-answers',
    code: 'invalid-answers',
    status: 422,
    title: problem.title,
    detail: 'One answer.',
    issues,
    instance: 'request-7',
  });
  expect(new Problem('not-found').toJSON()).toEqual({
    type: '/problems/not-found',
    code: 'not-found',
    status: 404,
    title: new Problem('not-found').title,
  });
});

test.each<[string, unknown, ProblemCode]>([
  ['a problem', new Problem('link-used'), 'link-used'],
  ['a bug', new TypeError('x is not a function'), 'internal'],
  ['something thrown that is no error', 'a string', 'internal'],
  ['malformed JSON', Object.assign(new SyntaxError('x'), { type: 'entity.parse.failed' }), 'malformed-json'],
  ['a body that is too large', Object.assign(new Error('x'), { type: 'entity.too.large' }), 'body-too-large'],
  ['an upload that broke off', Object.assign(new Error('x'), { type: 'request.aborted' }), 'request-aborted'],
  ['an unknown encoding', Object.assign(new Error('x'), { type: 'encoding.unsupported' }), 'unsupported-media-type'],
  ['an address that cannot be decoded', new URIError('x'), 'not-found'],
])('%s is answered as such', (_name, error, code) => {
  expect(problemOf(error).code).toBe(code);
});

test('issues name the part of the request and the path in it', () => {
  const { error } = z
    .object({ pages: z.array(z.object({ n: z.number() })) })
    .safeParse({ pages: [{ n: 1 }, { n: 'x' }] });
  expect(error && issuesOf(error, 'body')).toEqual([
    { code: 'invalid-type', path: 'body.pages.1.n', message: 'This must be a number.' },
  ]);
});
