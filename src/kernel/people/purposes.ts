/** Why an officer looks somebody up. A closed list: `people.code.purpose.VALUE`; own words are asked for beside it. */
export const PURPOSES = ['request', 'help', 'notice', 'correction', 'review', 'complaint', 'other'] as const

/** `find`: a reference typed into the general search box, which asks for none. Whoever opens the person then says why. */
export type Purpose = (typeof PURPOSES)[number] | 'find'
