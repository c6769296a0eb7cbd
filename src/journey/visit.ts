import type { HttpRequest } from '../base/http.ts'
import { header } from '../base/http.ts'
import { deviceOf } from '../user/device.ts'
import type { Visit, VisitSession } from './journey.ts'

/** What a request says of whoever logs in, beside their answers. */
export function visitOf(
  http: HttpRequest,
  session: VisitSession | undefined,
  { login_hint, locale, ui_locales = [], ...details }: VisitDetails = {},
): Visit {
  const accepted = languagesIn(header(http, 'accept-language') ?? '')
  const asked = locale === undefined ? ui_locales.slice(0, mostLanguages).filter(isRange) : [locale]
  const locales = [...asked, ...accepted]
  const device = deviceOf(http)
  return { peer: http.peer, device, session, login_hint, locales, http, ...details }
}

/** What of a visit is said elsewhere than in its headers. */
export interface VisitDetails
  extends Partial<Pick<Visit, 'login_hint' | 'goto' | 'gotoOnFail' | 'active' | 'forced'>> {
  /** The request's own word (PingAM: `locale`). */
  readonly locale?: string | undefined
  /** Those of the authorization request behind the login (OIDC Core §3.1.2.1), where there is no such word. */
  readonly ui_locales?: readonly string[] | undefined
}

const mostLanguages = 20

/** RFC 9110 §12.5.4, and BCP 47, whose tags are among them. */
const isRange = (text: string): boolean => /^[A-Za-z\d-]{1,35}$/.test(text)

/** RFC 9110 §12.5.4: the language ranges, the preferred first. */
function languagesIn(field: string): readonly string[] {
  return field
    .slice(0, 1000)
    .split(',', mostLanguages)
    .map((part) => {
      const [range = '', ...parameters] = part.trim().split(';')
      const quality = parameters.map((each) => /^\s*q=([\d.]{1,5})$/.exec(each)?.[1]).find(Boolean)
      return { range: range.trim(), quality: quality === undefined ? 1 : Number(quality) }
    })
    .filter(({ range, quality }) => isRange(range) && quality > 0)
    .sort((a, b) => b.quality - a.quality)
    .map(({ range }) => range)
}
