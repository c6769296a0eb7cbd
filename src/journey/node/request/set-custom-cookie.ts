import { flag, text } from '../../../protocol/setting.ts'
import { withCookie } from '../../cookie/cookie-at-end.ts'
import { cookieNameOf, sameSite } from '../../cookie/cookie-setting.ts'
import { NodeError, nodeType, oneOutcome, passed } from '../../journey.ts'
import { nodeSetting, wholeOrText } from '../../node-setting.ts'

/** What no attribute of a cookie may hold (RFC 6265 §4.1.1). */
const unfit = /[\x00-\x20\x7f-\uffff";,\\]/

/** Bytes of name and value, and of an attribute, of which more is passed over in silence (RFC 6265bis §5.6). */
const longest = { cookie: 4096, attribute: 1024 } as const

const seconds = wholeOrText(0, 34_560_000)

/** Sets a cookie once the journey has succeeded (PingAM: Set Custom Cookie node). */
export const setCustomCookie = nodeType({
  type: 'SetCustomCookieNode',
  name: 'Set Custom Cookie',
  tags: ['session', 'contextual'],
  settings: {
    name: nodeSetting('Custom Cookie Name', text, '', 'Its name.', { required: true }),
    value: nodeSetting('Custom Cookie Value', text, '', 'What it holds.', { required: true }),
    maxAge: nodeSetting<number | undefined>(
      'Max Age',
      seconds,
      undefined,
      'Seconds; absent or 0: as long as the browser runs.',
    ),
    domain: nodeSetting('Custom Cookie Domain', text, '', 'Empty: of this host alone.'),
    path: nodeSetting('Custom Cookie Path', text, '', 'Empty: all of the host.'),
    useSecureCookie: nodeSetting('Use Secure Cookie', flag, false, 'Over https only.'),
    useHttpOnlyCookie: nodeSetting('Use HTTP Only Cookie', flag, false, 'Not for scripts.'),
    sameSite: nodeSetting('Custom Cookie SameSite', sameSite, 'LAX', 'See RFC 6265bis.'),
  },
  outcomes: () => oneOutcome,
  process(turn, { value, maxAge, domain, path, ...values }) {
    const name = cookieNameOf(turn, values.name)
    if ([value, domain, path].some((each) => unfit.test(each)))
      throw new NodeError(`the cookie ${name} has a value, domain or path that no cookie can have`)
    if (
      name.length + value.length > longest.cookie ||
      Math.max(domain.length, path.length) > longest.attribute
    )
      throw new NodeError(
        `the cookie ${name} has a value, domain or path that no browser would keep`,
      )
    const cookie = {
      ...{ name, value, secure: values.useSecureCookie, httpOnly: values.useHttpOnlyCookie },
      sameSite: values.sameSite,
      ...(maxAge ? { maxAge } : {}),
      ...(domain === '' ? {} : { domain }),
      ...(path === '' ? {} : { path }),
    }
    return passed('outcome', withCookie(turn.state, cookie))
  },
})
