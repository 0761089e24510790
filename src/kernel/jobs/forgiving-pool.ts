import type pg from 'pg'

type Listener = Parameters<pg.Pool['connect']>[0]

/**
 * The same pool, whose connections may be given back twice: the second time does nothing. When a connection is lost while the
 * queue stops, the queue gives it back twice; that would be an error that nobody hears, which ends the process.
 */
export function forgiving(pool: pg.Pool): pg.Pool {
  const connect = pool.connect.bind(pool) as (listener?: Listener) => Promise<pg.PoolClient>
  const once = (listener: Listener): Listener => {
    return (error, client, release) => {
      let given = false
      // Without a connection there may be nothing to give back.
      const giveBack = (broken?: boolean | Error) => {
        if (!given) release?.(broken)
        given = true
      }
      listener(error, client, giveBack)
    }
  }
  return Object.assign(pool, { connect: (listener?: Listener) => connect(listener && once(listener)) })
}
