/**
 * Reader and writer of a stored shape, made from one list of its members. Stored is an array: what nearly
 * all have is known by its place, and the rest by name in one object, where the list has a list. Names for
 * everything would make it twice as long and half as fast, and there may be a million outstanding.
 *
 * A list may grow at its end and in its inner list, and nowhere else: what was stored before has its places.
 */
export interface Packed<T extends object> {
  write(value: T): unknown[]
  /** Reads what was written, by this version or those before: places may lack at the end; once there were objects. */
  read(stored: Stored, holder?: Values): T
}

/** An array by place; an object by name, as it was before there were arrays. */
export type Stored = readonly unknown[] | Values

export type Values = Readonly<Record<string, unknown>>

/** Members of an object, or of any of a union. */
export type Name<T> = T extends unknown ? keyof T & string : never
type Value<T, K> = T extends unknown ? (K extends keyof T ? T[K] : never) : never

/** One member: its name, or more than that. */
export type Member<T> = { [K in Name<T>]: K | Told<K, Exclude<Value<T, K>, undefined>> }[Name<T>]

interface Told<K, V> {
  readonly name: K
  /** The name on disk, where it is another. */
  readonly stored?: string
  /** What it is when nothing is stored, and of which nothing is stored; a list: when it is empty. */
  readonly absent?: V
  /** How it is stored itself. */
  readonly form?: V extends readonly object[] ? never : V extends object ? Packed<V> : never
  readonly each?: V extends readonly (infer E extends object)[] ? Packed<E> : never
}

type Listed<I> = I extends string ? I : I extends { readonly name: infer K } ? K : ListedIn<I>
type ListedIn<I> = I extends readonly (infer J)[] ? Listed<J> : never
export type Whole<F> = [F] extends [never] ? unknown : { readonly forgotten: F }

/** Members of `T` that the list `I` does not have. */
export type Forgotten<T, I extends readonly unknown[], G = never> = Exclude<
  Name<T>,
  Listed<I[number]> | G
>
