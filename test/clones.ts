import pg from 'pg'
import type { RunServer } from './cluster.ts'

export type Clones = {
  /** A database like the template, which nobody else gets. Whoever takes it drops it. */
  take(): Promise<string>
  /** Drops the one that nobody took. */
  close(): Promise<void>
}

/** Databases like the template. The next one is made ahead, so that a test file waits for none but the first. */
export function openClones({ ownerUrl, template }: RunServer): Clones {
  let count = 0
  // One at a time: PostgreSQL copies no database in which somebody works, which a copy counts as.
  let line: Promise<unknown> = Promise.resolve()
  const inLine = <T>(work: () => Promise<T>): Promise<T> => {
    const done = line.then(work)
    line = done.catch(() => {})
    return done
  }
  const make = () =>
    inLine(async () => {
      const name = `t${process.pid}_${count++}`
      await onServer(ownerUrl, `create database ${name} template ${template} strategy file_copy`)
      return name
    })
  let spare: Promise<string> | undefined
  return {
    take() {
      const taken = spare ?? make()
      spare = make()
      spare.catch(() => {})
      return taken
    },
    async close() {
      const name = await spare?.catch(() => undefined)
      if (name) await onServer(ownerUrl, `drop database ${name}`)
    },
  }
}

/** One statement that no transaction may hold. Throws what the server says. */
export async function onServer(connectionString: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
