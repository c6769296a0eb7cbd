import { utf8 } from './bytes.ts'

/** RFC 2047 §2: `=?UTF-8?B?…?=` carries what a header field cannot. */
export function decodeWord(text: string): string {
  const encoded = /^=\?utf-8\?b\?([\w+/=-]*)\?=$/i.exec(text)?.[1]
  return encoded === undefined ? text : (utf8(Buffer.from(encoded, 'base64')) ?? text)
}
