/**
 * In the respondent's page, put there by page.ts: ticks the box and starts as soon as that is possible, carries on where
 * answers are kept, and marks the moment at which a first item can be answered.
 */
function look() {
  /** @type {HTMLInputElement | null} */
  const item = document.querySelector('#questions input:not(:disabled)');
  if (item && item.getClientRects().length > 0) {
    performance.mark('first-answer');
    return;
  }
  /** @type {HTMLButtonElement | null} */
  const carryOn = document.querySelector('#resume:not([hidden]) #carry-on');
  /** @type {HTMLButtonElement | null} */
  const start = document.querySelector('#start');
  /** @type {HTMLInputElement | null} */
  const box = document.querySelector('#consent input[type=checkbox]');
  if (carryOn) carryOn.click();
  else if (start && box && !start.disabled && start.getClientRects().length > 0) {
    box.checked = true;
    start.click();
  }
  requestAnimationFrame(look);
}
requestAnimationFrame(look);
