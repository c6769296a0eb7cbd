import type { Json } from '../../base/json.ts'

/**
 * What templates and tools leave to be filled in: `&{esv.name}` of Advanced Identity Cloud, `${NAME}`,
 * `@@NAME@@`, `{{name}}`, `{NAME}`.
 */
const shapes =
  /&\{[\w.-]+\}|\$\{[\w.:-]+\}|@@[\w.-]+@@|\{\{[\w .-]+\}\}|\{[A-Z][A-Z\d]*_[A-Z\d_]*\}/

/** Whether there is one in a value: stored as it is, it would be taken for what it stands for (C-39). */
export function holdsPlaceholder(value: Json): boolean {
  if (typeof value === 'string') return shapes.test(value)
  if (value === null || typeof value !== 'object') return false
  return Object.values(value as Readonly<Record<string, Json>>).some(holdsPlaceholder)
}

/** How it is refused. */
export const placeholderText = 'holds a placeholder that nobody has filled in'
