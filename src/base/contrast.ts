/** A colour as stylesheets write it, `#1f4f9c`. */
const colour = /^#[0-9a-f]{6}$/i

export function isColour(text: string): boolean {
  return colour.test(text)
}

/** How well one colour can be read on another, from 1 to 21 (WCAG 2.2, contrast ratio). */
export function contrastRatio(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}

/** A colour with a share of another one in it: 0 is the first, 1 the second. */
export function mixed(one: string, other: string, share: number): string {
  const to = channels(other)
  const parts = channels(one).map((part, i) => Math.round(part + ((to[i] ?? 0) - part) * share))
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`
}

/** The colour itself, or as much of `toward` in it as it takes to be read on that ground. */
export function readableOn(ground: string, toward: string, one: string, least: number): string {
  for (let share = 0; share < 1; share += 0.05) {
    const tried = mixed(one, toward, share)
    if (contrastRatio(tried, ground) >= least) return tried
  }
  return toward
}

/** WCAG 2.2, relative luminance. */
function luminance(one: string): number {
  const [r = 0, g = 0, b = 0] = channels(one).map((part) => {
    const share = part / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function channels(one: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(one.slice(at, at + 2), 16))
}
