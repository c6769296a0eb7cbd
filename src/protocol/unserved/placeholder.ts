import type { Json } from '../../base/json.ts'

/**
 * What templates and tools leave to be filled in: `&{esv.name}` of Advanced Identity Cloud, `${NAME}`,
 * `@@NAME@@`, `{{name}}`, `{NAME}`.
 */
const shapes =
  /&\{[\w.-]+\}|\$\{[\w.:-]+\}|@@[\w.-]+@@|\{\{[\w .-]+\}\}|(?<!\$)\{[A-Z][A-Z\d]*_[A-Z\d_]*\}/
/** The one shape that a configuration file has for itself: there it fills it in, or says it on purpose (`$${`). */
const ofFiles = /\$\{[\w.:-]+\}/g

/**
 * Whether there is one in a value: stored as it is, it would be taken for what it stands for (C-39). `filled`:
 * it comes by a door that has filled in `${NAME}` itself. `stored`: what stands there by now; a text of it was meant
 * so once, and whoever sends back what they read means it so again.
 */
export function holdsPlaceholder(value: Json, filled = false, stored?: Json): boolean {
  if (typeof value === 'string')
    return shapes.test(filled ? value.replace(ofFiles, '') : value) && !hasText(stored, value)
  if (value === null || typeof value !== 'object') return false
  const inner = Object.values(value as Readonly<Record<string, Json>>)
  return inner.some((each) => holdsPlaceholder(each, filled, stored))
}

function hasText(value: Json | undefined, text: string): boolean {
  if (value === null || typeof value !== 'object') return value === text
  return Object.values(value as Readonly<Record<string, Json>>).some((each) => hasText(each, text))
}

/** How it is refused. */
export const placeholderText = 'holds a placeholder that nobody has filled in'
