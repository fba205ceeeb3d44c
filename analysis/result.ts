/** The only vocabulary of results: what every analysis gives back and every screen, workbook and document draws. */

/** Something the reader of a figure must know. */
export interface Note {
  /** Stable kebab-case code, like `too-few-items`. */
  readonly code: string;
  readonly text: string;
}

/** One figure with what is needed to trust it. `value` is null when the data cannot say; a note tells why. */
export interface Estimate {
  readonly value: number | null;
  /** Cases that the figure stands on. */
  readonly n: number;
  readonly interval: { readonly lower: number; readonly upper: number; readonly level: number } | null;
  /** Plain name of the method, like `Wilson score interval`. */
  readonly method: string;
  readonly notes: readonly Note[];
}

export type CellValue = string | number | null;

export interface Column {
  readonly id: string;
  readonly title: string;
  readonly kind: 'text' | 'integer' | 'number' | 'percent';
  /** Digits after the point on screen and paper; files keep full precision. */
  readonly digits?: number;
}

export interface Table {
  /** Stable id, unique in the report; also the stem of the file name when saved. */
  readonly id: string;
  readonly title: string;
  readonly columns: readonly Column[];
  /** Cells by column, in column order. Null: no figure; a suppressed cell is the text `suppressed`. */
  readonly rows: readonly (readonly CellValue[])[];
  readonly notes: readonly Note[];
}

/** A chart as plain data: `config` is a chart.js configuration without functions; the table behind it says the same. */
export interface ChartSpec {
  readonly id: string;
  readonly title: string;
  /** One sentence that says what is to be seen, for screen readers. */
  readonly summary: string;
  readonly kind: 'bar' | 'diverging' | 'interval' | 'line' | 'scatter';
  readonly config: Readonly<Record<string, unknown>>;
  /** Suggested height in CSS pixels at 800 wide. */
  readonly height: number;
  /** Id of the table with the same figures. */
  readonly table: string;
}

/** A box of a flow diagram: what stands there, and counts in order. A hidden count is the text `suppressed`. */
export interface FlowBox {
  readonly title: string;
  readonly lines: readonly { readonly label: string; readonly value: CellValue }[];
}

/** How many went which way, top to bottom, side by side: a diagram as plain data; the table behind it says the same. */
export interface Flow {
  readonly id: string;
  readonly title: string;
  /** One sentence that says what is to be seen, for screen readers. */
  readonly summary: string;
  /** Where everybody begins. */
  readonly top: FlowBox;
  readonly columns: readonly { readonly id: string; readonly title: string; readonly boxes: readonly FlowBox[] }[];
  /** Id of the table with the same counts. */
  readonly table: string;
}

/** A figure of a section with its name. */
export interface SectionEstimate {
  /** Unique in the section. */
  readonly id: string;
  readonly label: string;
  readonly estimate: Estimate;
}

export interface Section {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly charts: readonly ChartSpec[];
  readonly tables: readonly Table[];
  readonly flows?: readonly Flow[];
  /** The main figures of a declared analysis, whole; the first table of the section shows the same. */
  readonly estimates?: readonly SectionEstimate[];
  /** What the reader of the whole section must know. */
  readonly notes?: readonly Note[];
}

export interface Report {
  readonly title: string;
  readonly subtitle: string;
  readonly simulated: boolean;
  readonly sections: readonly Section[];
  readonly notes: readonly Note[];
}
