/** Completes the links to the page for withdrawing, which the server writes without the token. Called by main.ts and closed.ts. */

export function completeWithdrawalLinks(): void {
  for (const place of document.querySelectorAll<HTMLElement>('.to-withdrawal')) {
    const link = place.querySelector('a');
    if (!link) continue;
    link.href = `${location.pathname.replace(/\/$/, '')}/withdraw`;
    place.hidden = false;
  }
}
