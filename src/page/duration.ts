const units = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const

/** A time in the largest unit there is a whole of: `7 days`, `1.5 hours`. */
export function durationText(seconds: number, lang: string): string {
  const [unit, length] = units.find(([, each]) => seconds >= each) ?? ['second', 1]
  const style = { style: 'unit', unit, unitDisplay: 'long', maximumFractionDigits: 1 } as const
  return new Intl.NumberFormat(lang, style).format(seconds / length)
}
