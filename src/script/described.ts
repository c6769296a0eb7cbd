/* What a script threw, in words. Nothing of it is believed. */
import type { QuickJSContext, QuickJSHandle } from 'quickjs-emscripten-core'

/** Memory that is given back when a script fails: without any, nobody could be told why. */
const spare = ' '.repeat(65_536)

/** Takes that memory away from the script. */
export function reserved(context: QuickJSContext): QuickJSHandle {
  return context.newString(spare)
}

interface Place {
  readonly context: QuickJSContext
  /** What the script is called in its stacks. */
  readonly name: string
  /** Characters: whatever is longer is told by nobody, since a part of it could be half a secret. */
  readonly most: number
}

/**
 * An error of a script in words. Where the interpreter had no memory left for the words of its own it throws an error
 * that has none, or null.
 */
export function described({ context, name: script, most }: Place, error: QuickJSHandle): string {
  const text = (handle: QuickJSHandle): string =>
    context.typeof(handle) === 'string' ? context.getString(handle) : ''
  if (context.typeof(error) !== 'object') return bounded(text(error), most) || 'it failed'
  if (isNull(context, error)) return 'out of memory, or null was thrown'
  const [name = '', message = '', stack = ''] = ['name', 'message', 'stack'].map((each) =>
    context.getProp(error, each).consume(text),
  )
  const line = lineIn(stack, script)
  const kind = name || 'Error'
  const says = message || (kind === 'InternalError' ? 'out of memory' : 'it says nothing more')
  return `${bounded(`${kind}: ${says}`, most)}${line === '' ? '' : ` (line ${line})`}`
}

function isNull(context: QuickJSContext, value: QuickJSHandle): boolean {
  const compared = context.evalCode('(value) => value === null', 'end')
  if (compared.error !== undefined) {
    compared.error.dispose()
    return false
  }
  const told = compared.value.consume((ask) => context.callFunction(ask, context.undefined, value))
  const answer = told.error ?? told.value
  return answer.consume(
    (given) => context.typeof(given) === 'boolean' && context.dump(given) === true,
  )
}

function bounded(text: string, most: number): string {
  return text.length > most ? 'an error with too many words' : text
}

/** Where in the script itself; frames of the prelude stand before it. */
function lineIn(stack: string, name: string): string {
  const at = stack.indexOf(`${name}:`)
  return at < 0 ? '' : (/^\d+/.exec(stack.slice(at + name.length + 1))?.[0] ?? '')
}
