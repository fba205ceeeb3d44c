/**
 * Completes the links to the page for withdrawing, which the server writes without the token; that page goes on in the
 * language of this one. Called by main.ts and closed.ts.
 */

export function completeWithdrawalLinks(): void {
  for (const place of document.querySelectorAll<HTMLElement>('.to-withdrawal')) {
    const link = place.querySelector('a');
    if (!link) continue;
    const language = encodeURIComponent(document.documentElement.lang);
    link.href = `${location.pathname.replace(/\/$/, '')}/withdraw?language=${language}`;
    place.hidden = false;
  }
}
