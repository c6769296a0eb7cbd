import { header, htmlPage } from '../../base/http.ts'
import { startPage } from '../../page/account/start.ts'
import { frameOf } from '../../page/brand.ts'
import { pageHeaders } from '../../page/headers.ts'
import { chooseMessages } from '../../page/messages/index.ts'
import type { Endpoint } from '../serve/endpoint.ts'

/**
 * The server's own address, as somebody types it: of the realm that the host name means, else of the root
 * realm. Which others there are is told to nobody.
 */
export const start: Endpoint = {
  path: '/',
  under: 'root',
  methods: ['GET'],
  errors: 'page',
  cors: false,
  handle(realm, http) {
    const frame = frameOf(realm, chooseMessages([], header(http, 'accept-language')))
    const { pathname } = new URL(realm.url)
    const page = startPage({
      ...frame,
      account: `${pathname}/XUI/account?realm=${encodeURIComponent(realm.path)}`,
      issuer: realm.issuer,
      discovery: `${realm.url}/oauth2/.well-known/openid-configuration`,
    })
    return htmlPage(200, page, pageHeaders({ brand: frame.brand }))
  },
}
