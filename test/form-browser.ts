import { encodeForm } from '../src/base/form.ts'
import type { HttpRequest, HttpResponse } from '../src/base/http.ts'
import { elements } from './html-tree.ts'
import { cookieValue, request, setCookies } from './people.ts'

/** A browser that visits one address, fills in its form and keeps the cookies it is given. */
export interface FormBrowser {
  readonly jar: Map<string, string>
  get(query: string): Promise<HttpResponse>
  post(query: string, fields: Readonly<Record<string, string>>): Promise<HttpResponse>
}

export function formBrowser(
  serve: (http: HttpRequest) => HttpResponse | Promise<HttpResponse>,
  path: string,
  more: Partial<HttpRequest> = {},
): FormBrowser {
  const jar = new Map<string, string>()
  const send = async (http: HttpRequest) => {
    const response = await serve(http)
    for (const [name, line] of setCookies(response)) {
      if (line.includes('Max-Age=0')) jar.delete(name)
      else jar.set(name, cookieValue(response, name) as string)
    }
    return response
  }
  const headers = (own: Record<string, string>) => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    return cookie === '' ? own : { ...own, cookie }
  }
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  return {
    jar,
    get: (query) =>
      send(request('GET', `${path}?${query}`, headers({ accept: 'text/html' }), '', more)),
    post: (query, fields) =>
      send(
        request(
          'POST',
          `${path}?${query}`,
          headers(form),
          encodeForm(Object.entries(fields)),
          more,
        ),
      ),
  }
}

/** What the page's form carries hidden as `authId`. */
export function authIdOf(response: HttpResponse): string {
  const inputs = elements(String(response.body), 'input')
  const hidden = inputs.find(({ attributes }) => attributes.get('name') === 'authId')
  return hidden?.attributes.get('value') ?? ''
}

/** The query of the address the page's form is posted to. */
export function actionOf(response: HttpResponse): string {
  const [form] = elements(String(response.body), 'form')
  return (form?.attributes.get('action') ?? '').split('?')[1] ?? ''
}
