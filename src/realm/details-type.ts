import type { DetailsType, DetailsTypeRecord } from '../details/type.ts'

/** Types of authorization details by their names, with their checks. */
export type DetailsTypes = ReadonlyMap<string, DetailsType>

const none: DetailsTypes = new Map()

/** What a realm's record says of them; what holds a value against a schema is loaded where there is one. */
export async function readDetailsTypes(
  records: readonly DetailsTypeRecord[] | undefined,
): Promise<DetailsTypes> {
  if (records === undefined || records.length === 0) return none
  const { compile } = await import('../details/compile.ts')
  return new Map(records.map((record) => [record.type, compile(record)]))
}
