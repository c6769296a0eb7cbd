/** placeholder until written below */
export interface RealmKeys {
  readonly version: number
}
