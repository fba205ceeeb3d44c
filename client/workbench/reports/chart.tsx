export function ChartCanvas(_: { chart: unknown }) {
  return null;
}
