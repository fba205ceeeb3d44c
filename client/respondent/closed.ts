/**
 * The script of the pages that say why a link cannot be answered. Answers of that link may still lie on this device: if
 * they were being sent, the server may have them already and only its word was lost, so it is asked once more; otherwise
 * the person may remove them. Entry of the build.
 */
import './respondent.css';
import { findStorage, openShelf } from './device.ts';
import { showLeft } from './left.ts';
import { serverFor } from './server.ts';
import { readStartData, tokenOf } from './start.ts';
import { showThanks } from './thanks.ts';
import { completeWithdrawalLinks } from './withdrawal-link.ts';

const { deviceKey, language, words } = readStartData();
const shelf = openShelf(deviceKey, findStorage(), Date.now());
completeWithdrawalLinks();
void settle();

async function settle(): Promise<void> {
  const kept = shelf.read();
  if (kept?.sending) {
    const { key, answers, consent, page, sending } = kept;
    const outcome = await serverFor(tokenOf(location.pathname)).send({
      key,
      answers,
      consent,
      lastPage: page,
      paradata: sending.paradata,
      code: sending.code ?? null,
    });
    if (outcome.kind === 'done') {
      shelf.clear();
      showThanks(outcome.value, { language, words });
      return;
    }
  }
  showLeft(shelf, words);
}
