import { serverAt } from './server.ts'
import { placeOf } from './url.ts'

/**
 * A schema of its own in the database that a URL names, for what is tried before a store is laid out there; `remove`
 * drops it with all that is in it.
 */
export function beside(
  url: string,
  schema: string,
): { readonly url: string; readonly remove: () => Promise<void> } {
  const [head = '', query = ''] = url.split('?')
  const parameters = new URLSearchParams(query)
  parameters.set('schema', schema)
  const own = `${head}?${parameters.toString()}`
  return {
    url: own,
    async remove() {
      const server = await serverAt(placeOf(own))
      try {
        await server.atStart((connection) =>
          connection.run(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`),
        )
      } finally {
        await server.close()
      }
    },
  }
}
