import { inject } from 'vitest'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the run's PostgreSQL is asked for; see `global-setup.ts`. */
    door: string
  }
}

export type Servers = {
  /** The database `hamsafar` of the run's PostgreSQL, which stays empty, as its owner. */
  ownerUrl: string
  /** The same as the app's login. */
  appUrl: string
  /** The database that test files clone: migrated, with the reference data. */
  template: string
}

let asked: Promise<Servers> | undefined

/** The PostgreSQL of this run, started when the first test file asks for it. */
export function servers(): Promise<Servers> {
  asked ??= fetch(inject('door')).then(async (answer) => {
    if (!answer.ok) throw new Error(await answer.text())
    return (await answer.json()) as Servers
  })
  return asked
}
