import { decodeWord } from '../../../base/encoded-word.ts'
import type { HttpRequest } from '../../../base/http.ts'
import { header, headerCount } from '../../../base/http.ts'
import { flag, text, texts } from '../../../protocol/setting.ts'
import { nodeType, passed, trueOrFalse } from '../../journey.ts'
import { nodeSetting } from '../../node-setting.ts'
import { putShared, putTransient } from '../../state.ts'

/** Takes name and password from two headers, where there is either (PingAM: Zero Page Login Collector node). */
export const zeroPageLogin = nodeType({
  type: 'ZeroPageLoginNode',
  name: 'Zero Page Login Collector',
  tags: ['basic authn', 'basic authentication'],
  settings: {
    usernameHeader: nodeSetting('Username Header name', text, 'X-OpenAM-Username', 'Its name.'),
    passwordHeader: nodeSetting('Password Header name', text, 'X-OpenAM-Password', 'Its name.'),
    allowWithoutReferer: nodeSetting('Allow without referer', flag, true, 'From anywhere.'),
    referrerWhiteList: nodeSetting('Referer Whitelist', texts, [], 'Pages it may come from, else.'),
  },
  outcomes: () => trueOrFalse,
  process({ visit: { http }, state }, values) {
    const { usernameHeader, passwordHeader, allowWithoutReferer, referrerWhiteList } = values
    if (http === undefined) return passed('false', state)
    const allowed = allowWithoutReferer || referrerWhiteList.includes(header(http, 'referer') ?? '')
    const [username, password] = [usernameHeader, passwordHeader].map((name) => one(http, name))
    if (!allowed || (username === undefined && password === undefined))
      return passed('false', state)
    return passed('true', putTransient(putShared(state, { username }), { password }))
  },
})

/** The one value of a header; undefined where it was sent twice, too. */
function one(http: HttpRequest, name: string): string | undefined {
  const lower = name.toLowerCase()
  const value = headerCount(http, lower) > 1 ? undefined : header(http, lower)
  return value === undefined ? undefined : decodeWord(value)
}
