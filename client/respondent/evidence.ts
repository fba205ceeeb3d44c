/**
 * Files of evidence: brought to the server as soon as they are chosen, so that sending stays one short step. Without a connection
 * a file is not attached, and the person is told so: the answers themselves can always be sent. Called by survey.ts.
 */
import type { Model } from '../../instruments/surveyjs.ts';
import { makeKey } from './device.ts';
import type { Outcome } from './server.ts';
import type { Words } from './start.ts';

export type EvidenceWords = Pick<
  Words,
  'fileTooLarge' | 'fileType' | 'fileFull' | 'fileUnreached' | 'fileChoose' | 'fileRemove'
>;
export type Upload = (file: File, key: string, question: string) => Promise<Outcome<{ readonly name: string }>>;

/** As the server has it, so that nobody waits for a large file to be refused. */
const largest = 10_000_000;
const accepted = '.pdf,.jpg,.jpeg,.png,.docx,.xlsx,.pptx,.odt,.ods,.odp';

/** What SurveyJS keeps of a file: in place of its content the key under which it was brought. */
interface Kept {
  readonly file: { readonly name: string; readonly type: string };
  readonly content: string;
}

/** Makes the file questions of a model ours. Without `upload` (a preview) nothing is taken. */
export function dressEvidence(model: Model, words: EvidenceWords, upload: Upload | null): void {
  model.onUploadFiles.add((_, { files, question, callback }) => {
    void take([...files], question.name, words, upload).then(({ kept, errors }) => {
      callback(kept);
      said.set(question, errors);
      tell(question);
    });
  });
  // What is taken away here is not sent; the server drops it by itself.
  model.onClearFiles.add((_, { question, callback }) => {
    said.delete(question);
    tell(question);
    callback('success');
  });
  model.onAfterRenderQuestion.add((_, { question, htmlElement }) => {
    if (!isFileQuestion(question)) return;
    const content = htmlElement.querySelector('.sd-question__content');
    if (!content || content.querySelector('.evidence-said')) return;
    const place = document.createElement('p');
    place.className = 'error evidence-said';
    place.setAttribute('role', 'alert');
    content.append(place);
    const unname = () => {
      // A label is named by its own words; a name of another kind is none that screen readers may take.
      for (const label of content.querySelectorAll('label[aria-label]')) label.removeAttribute('aria-label');
      // The key of a file is no address: whoever pressed its name would leave the page.
      for (const link of content.querySelectorAll('a[href]')) link.removeAttribute('href');
    };
    new MutationObserver(unname).observe(content, { childList: true, subtree: true });
    unname();
    places.set(question, place);
    tell(question);
  });
}

/** Why files of a question were not attached, until others are chosen; and where that stands on the page. */
const said = new WeakMap<object, readonly string[]>();
const places = new WeakMap<object, HTMLElement>();

function tell(question: object): void {
  const place = places.get(question);
  if (place) place.textContent = (said.get(question) ?? []).join(' ');
}

interface FileQuestion {
  storeDataAsText: boolean;
  waitForUpload: boolean;
  showPreview: boolean;
  allowImagesPreview: boolean;
  acceptedTypes: string;
  sourceType: string;
  needConfirmRemoveFile: boolean;
  allowMultiple: boolean;
  maxFiles: number;
  chooseButtonCaption: string;
  removeFileCaption: string;
}

export const isFileQuestion = (question: unknown): question is FileQuestion =>
  (question as { getType(): string }).getType() === 'file';

/** Files in all of one question when the instrument does not say. */
const usualFiles = 5;

/** Settings of a file question; also of one in a panel's template, which panels are made from. */
export function dressFile(question: FileQuestion, words: EvidenceWords): void {
  question.storeDataAsText = false;
  question.waitForUpload = true;
  // A picture of what was chosen would be drawn from its content; its name says enough.
  question.allowImagesPreview = false;
  question.acceptedTypes = accepted;
  question.sourceType = 'file';
  question.needConfirmRemoveFile = false;
  question.chooseButtonCaption = words.fileChoose;
  question.removeFileCaption = words.fileRemove;
  if (question.allowMultiple && question.maxFiles > 100) question.maxFiles = usualFiles;
}

async function take(
  files: readonly File[],
  question: string,
  words: EvidenceWords,
  upload: Upload | null,
): Promise<{ kept: Kept[]; errors: string[] }> {
  const kept: Kept[] = [];
  const errors: string[] = [];
  for (const file of files) {
    const said = file.size > largest ? words.fileTooLarge : upload ? await bring(file, question, words, upload) : '';
    if (typeof said === 'string') errors.push(`${file.name}: ${said}`);
    else kept.push(said);
  }
  return { kept, errors };
}

/** The file as it is kept, or why it is not. */
async function bring(file: File, question: string, words: EvidenceWords, upload: Upload): Promise<Kept | string> {
  const key = makeKey();
  const outcome = await upload(file, key, question);
  if (outcome.kind === 'done') return { file: { name: outcome.value.name, type: '' }, content: key };
  if (outcome.kind === 'unreached') return words.fileUnreached;
  const said: Readonly<Record<string, string>> = {
    'evidence-too-large': words.fileTooLarge,
    'evidence-full': words.fileFull,
    'too-many-requests': words.fileFull,
  };
  return said[outcome.refusal.code] ?? words.fileType;
}
