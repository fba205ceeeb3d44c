/**
 * A chart as a PNG that can stand alone in a document: white ground, title, whether the data are simulated, the drawing
 * at a fixed width whatever the screen, and the source. Called by the save button of a chart.
 */
import type { ChartSpec } from '../../../analysis/result.ts';
import { drawPicture } from './chart.tsx';

export interface PictureLabel {
  /** Study and administration. */
  readonly source: string;
  readonly simulated: boolean;
}

const margin = 32;
const chartWidth = 960;
const width = chartWidth + 2 * margin;
/** Most pixels that the smallest browsers allow in one canvas. */
const mostPixels = 16_000_000;

const ink = '#17222b';
const soft = '#445360';
const simulatedInk = '#573688';
const family = '"Noto Sans", system-ui, sans-serif';

interface Line {
  readonly text: string;
  readonly font: string;
  readonly colour: string;
  /** Distance to the next line, in CSS pixels. */
  readonly step: number;
}

/** Twice as fine as the screen, or as fine as the browser's canvas allows for a very tall chart. */
export async function chartPicture(spec: ChartSpec, label: PictureLabel): Promise<Blob> {
  await Promise.all([document.fonts.load(`400 14px ${family}`), document.fonts.load(`600 14px ${family}`)]);
  const measure = contextOf(document.createElement('canvas'));
  const above = [
    ...wrapped(measure, spec.title, { font: `600 22px ${family}`, colour: ink, step: 30 }),
    ...(label.simulated
      ? [{ text: 'Simulated data', font: `600 15px ${family}`, colour: simulatedInk, step: 24 }]
      : []),
  ];
  const source = `Source: ${label.source}${label.simulated ? ' (simulated data)' : ''}. Made with Fidelis.`;
  const below = wrapped(measure, source, { font: `400 13px ${family}`, colour: soft, step: 19 });
  const top = margin + stepsOf(above) + 8;
  const height = top + spec.height + 20 + stepsOf(below) + margin - 8;
  const scale = Math.min(2, Math.sqrt(mostPixels / (width * height)));

  const canvas = document.createElement('canvas');
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = contextOf(canvas);
  context.scale(scale, scale);
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, width, height);
  write(context, above, margin);
  const drawing = drawPicture(spec, chartWidth, scale);
  context.drawImage(drawing.canvas, margin, top, chartWidth, spec.height);
  drawing.release();
  write(context, below, top + spec.height + 20);
  return blobOf(canvas);
}

function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext('2d');
  if (!context) throw new Error('this browser has no canvas');
  return context;
}

const stepsOf = (lines: readonly Line[]) => lines.reduce((sum, line) => sum + line.step, 0);

/** A text broken at spaces so that each line fits between the margins. */
function wrapped(context: CanvasRenderingContext2D, text: string, style: Omit<Line, 'text'>): Line[] {
  context.font = style.font;
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    const longer = last === undefined ? word : `${last} ${word}`;
    if (last === undefined || context.measureText(longer).width > chartWidth) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines.map((line) => ({ ...style, text: line }));
}

function write(context: CanvasRenderingContext2D, lines: readonly Line[], top: number): void {
  context.textBaseline = 'top';
  let y = top;
  for (const line of lines) {
    context.font = line.font;
    context.fillStyle = line.colour;
    context.fillText(line.text, margin, y);
    y += line.step;
  }
}

function blobOf(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('the canvas gave no picture'))), 'image/png');
  });
}
