/** Entries of a list that a client may register. */
export const mostEntries = 200
