/** Why the text of a configuration file holds no settings. Says nothing of what stands in it: secrets may. */
export function fileFault(text: string): string {
  if (text.startsWith('\uFEFF'))
    return 'begins with a byte order mark: save it as UTF-8 without one'
  if (text.trim() === '') return 'is empty'
  try {
    JSON.parse(text)
  } catch (error) {
    const { message } = error as Error
    if (message.startsWith('Unexpected end')) return 'is not JSON: it ends too early'
    return `is not JSON ${/\(line \d+ column \d+\)/.exec(message)?.[0] ?? ''}`.trimEnd()
  }
  return 'must be a JSON object that names no member twice'
}
