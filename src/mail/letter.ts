/**
 * mail: letters, and how they leave. Knows no realm, account or journey: what a letter says, and to whom, is said by
 * whoever sends it.
 */

/** Where a letter goes to or comes from. */
export interface Address {
  /** Empty: none is shown. */
  readonly name: string
  /** `local@domain`; see `readAddress`. */
  readonly address: string
}

/** A letter as it is to leave. */
export interface Letter {
  readonly to: Address
  /** Absent: the server's own. */
  readonly from?: Address | undefined
  readonly subject: string
  readonly text: string
  /** The same for those who read HTML; absent: there is nothing but the text. */
  readonly html?: string | undefined
}

/** RFC 5321 §4.5.3.1.3, without the brackets of a path. */
const longest = 254

/**
 * What is before the at sign has none of what could end an address in a header or a command, or make two of one
 * (RFC 5322 §3.2.3, without quoted ones); what follows is a name of a host.
 */
const plain =
  /^[^\s"(),:;<>@[\\\]\x00-\x20\x7f]{1,64}@[\p{L}\p{N}](?:[\p{L}\p{N}.-]*[\p{L}\p{N}])?$/u

/** A text that is one address and nothing else. */
export function isAddress(text: string): boolean {
  return text.length <= longest && text.isWellFormed() && plain.test(text) && !text.includes('..')
}

/** An address that may have a name: `Parapet <noreply@as.example>`. */
export function readAddress(text: string): Address | undefined {
  const [, name = '', inBrackets] = /^([^<>]*)<([^<>]*)>\s*$/.exec(text) ?? []
  const address = (inBrackets ?? text).trim()
  return isAddress(address) ? { name: oneLine(name.replaceAll('"', '')), address } : undefined
}

/** What stands in a header is one line, whatever it was made of. */
export function oneLine(text: string): string {
  return text
    .replaceAll(/[\s\x00-\x1f\x7f\u2028\u2029]+/g, ' ')
    .trim()
    .slice(0, 500)
    .toWellFormed()
}
