/** Copies a text to the clipboard and says so, on the button and through the screen reader. */
import { useEffect, useState } from 'react';
import { announce } from './announce.tsx';

export function CopyButton({ text, what, label = 'Copy link' }: { text: string; what: string; label?: string }) {
  const [state, setState] = useState<'ready' | 'copied' | 'failed'>('ready');

  useEffect(() => {
    if (state !== 'copied') return;
    const timer = setTimeout(() => setState('ready'), 2500);
    return () => clearTimeout(timer);
  }, [state]);

  const copy = async () => {
    const copied = await copyText(text);
    setState(copied ? 'copied' : 'failed');
    announce(copied ? `Copied the ${what}.` : `The browser did not allow copying. The ${what} is ${text}`);
  };

  return (
    <span className="copy">
      <button type="button" className="button button-small" onClick={() => void copy()}>
        {state === 'copied' ? 'Copied' : label}
        <span className="visually-hidden">: {what}</span>
      </button>
      {state === 'failed' && <code className="copy-text">{text}</code>}
    </span>
  );
}

/** The clipboard of the browser; on a plain http address, where there is none, the old way through a selection. */
async function copyText(text: string): Promise<boolean> {
  try {
    if (navigator.clipboard) {
      await navigator.clipboard.writeText(text);
      return true;
    }
  } catch {
    return copySelected(text);
  }
  return copySelected(text);
}

function copySelected(text: string): boolean {
  const before = document.activeElement;
  const area = document.createElement('textarea');
  area.value = text;
  area.readOnly = true;
  area.className = 'visually-hidden';
  document.body.append(area);
  area.select();
  const copied = document.execCommand('copy');
  area.remove();
  if (before instanceof HTMLElement) before.focus();
  return copied;
}
