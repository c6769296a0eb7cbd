import type { HttpRequest, HttpResponse } from '../../base/http.ts'
import { withHeaders } from '../../base/http.ts'
import type { BrandFiles } from '../../page/brand.ts'
import { brandFiles, colourPath, logoPath } from '../../page/brand.ts'
import { OAuthError } from '../../protocol/error.ts'
import type { Realm } from '../../realm/realm.ts'
import type { Endpoint } from '../serve/endpoint.ts'
import { sendFile } from './asset.ts'

/** A realm’s own colours and picture, for its pages to load. */
export const brandAssets: readonly Endpoint[] = [
  part(colourPath, 'colours'),
  part(logoPath, 'logo'),
]

function part(path: string, name: keyof BrandFiles): Endpoint {
  return {
    path,
    under: 'am',
    methods: ['GET'],
    errors: 'page',
    cors: false,
    handle: (realm, http) => sendPart(realm, http, name),
  }
}

/** Somebody may open the picture by itself, and a drawing may have scripts in it: they run nowhere. */
function sendPart(realm: Realm, http: HttpRequest, name: keyof BrandFiles): HttpResponse {
  const file = brandFiles(realm)[name]
  if (file === undefined) throw new OAuthError('not_found', 'This realm has none of its own.')
  return withHeaders(sendFile(http, file), {
    'content-security-policy': "default-src 'none'; sandbox",
  })
}
