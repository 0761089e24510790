import { URI } from 'otpauth'
import { createUser } from '#kernel/access/credentials.ts'
import { listen } from '#kernel/http/listen.ts'
import type { Lang } from '#kernel/i18n/languages.ts'
import { startWorker } from '#kernel/jobs/worker.ts'
import { openLive } from '#kernel/live/listener.ts'
import type { RoleName } from '#kernel/module.ts'
import { createOrganisation } from '#kernel/organisations/organisations.ts'
import { systemContext } from '#kernel/system.ts'
import { createApp } from '../../src/app.ts'
import { PARTS } from '../../src/modules.ts'
import { silentLog, type TestDatabase, testDatabase } from '../database.ts'
import { freePort } from '../process.ts'

/** Somebody who works for the one organisation of the test, with what signing in takes. */
export type Person = {
  name: string
  email: string
  password: string
  /** What the authenticator app on the telephone shows now; each code works once. */
  code(): string
}

export type RunningPlatform = TestDatabase & {
  origin: string
  /** Creates an account. */
  person(role: RoleName, name: string, locale: Lang): Promise<Person>
  stop(): Promise<void>
}

/** Everything that `npm start` runs, in this process and on today's clock: the server on a port, and the jobs. */
export async function runningPlatform(): Promise<RunningPlatform> {
  const [database, port] = await Promise.all([testDatabase(), freePort()])
  const { db, owner, ownerUrl } = database
  const origin = `http://127.0.0.1:${port}`
  const platform = { ...database.platform, config: { ...database.platform.config, origin } }
  const context = (task: string) => systemContext(platform, owner, silentLog, task)
  const worker = await startWorker({
    connection: { connectionString: ownerUrl },
    tasks: Object.assign({}, ...PARTS.map((part) => part.jobs)),
    cron: PARTS.flatMap((part) => part.cron ?? []),
    context,
    log: silentLog,
  })
  const live = openLive({ connectionString: database.appUrl }, silentLog)
  const server = await listen(createApp({ platform, db, live, log: silentLog }).fetch, {
    HOST: '127.0.0.1',
    PORT: port,
  })
  const organisation_id = await createOrganisation(context('test'), {
    kind: 'authority',
    country: 'TJ',
    names: { tg: 'Хадамоти муҳоҷират', ru: 'Миграционная служба', en: 'Migration Service' },
  })
  return {
    ...database,
    platform,
    origin,
    person: async (role, name, locale) => {
      const email = `${role.replaceAll('_', '-')}@journey.example`
      const { password, totp_address } = await createUser(context('test'), {
        email,
        name,
        locale,
        organisation_id,
        roles: [role],
      })
      const authenticator = URI.parse(totp_address)
      return { name, email, password, code: () => authenticator.generate() }
    },
    stop: async () => {
      await live.stop()
      await server.stop()
      await worker.stop()
      await database.drop()
    },
  }
}
