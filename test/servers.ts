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
}

let asked: Promise<Servers> | undefined

/** The PostgreSQL of this run, started when the first test file asks for it. */
export function servers(): Promise<Servers> {
  asked ??= ask('/').then((text) => JSON.parse(text) as Servers)
  return asked
}

/** The name of a new database: migrated, with the reference data. Whoever asked drops it. */
export const newDatabase = (): Promise<string> => ask('/database')

async function ask(path: string): Promise<string> {
  const answer = await fetch(inject('door') + path)
  if (!answer.ok) throw new Error(await answer.text())
  return answer.text()
}
