import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { Ctx } from '../context.ts'
import { Problem, type ProblemDetails, type ProblemKind, problem } from '../problem.ts'
import { Headline } from '../ui/blocks.tsx'
import { LinkButton } from '../ui/buttons.tsx'
import { PublicPage } from '../ui/layout.tsx'
import { WorkPage } from '../ui/work-layout.tsx'
import type { Env } from './env.ts'
import { localPath } from './page.ts'
import { documentOf } from './render.ts'

/** The answer to a failed request: a page in the reader's language, or a problem document for the API. */
export async function answerProblem(error: Error, c: Context<Env>, ctx: Ctx): Promise<Response> {
  const failure = asProblem(error)
  if (failure.kind === 'error') ctx.log.error({ err: error, path: c.req.path }, 'a request failed')
  else if (failure.status >= 500)
    ctx.log.warn({ reason: error.message, path: c.req.path }, 'a request could not be answered now')
  const { detail, values, retryAfter, errors, onward } = failure.details
  c.status(failure.status)
  c.header('Cache-Control', 'no-store')
  if (retryAfter) c.header('Retry-After', String(retryAfter))
  // What is told in particular is mostly another reason than that somebody was faster.
  const title = ctx.t(`http.problem.${failure.kind}.${failure.kind === 'conflict' && detail ? 'refused' : 'title'}`)
  const text = detail ? ctx.t(detail, values) : ctx.t(`http.problem.${failure.kind}.text`)
  if (c.req.path.startsWith('/api/')) {
    c.header('Content-Type', 'application/problem+json')
    return c.body(JSON.stringify({ type: 'about:blank', title, status: failure.status, detail: text, errors }))
  }
  const minutes = retryAfter && Math.ceil(retryAfter / 60)
  const told = { title, text, kind: failure.kind, minutes, onward, here: c.req.path, sent: c.req.method === 'POST' }
  return c.html((await atWork(c, told)) ?? (await documentOf(<PublicProblem ctx={ctx} {...told} />)))
}

type Told = Pick<ProblemDetails, 'onward'> & {
  title: string
  text: string
  kind: ProblemKind
  minutes?: number
  here: string
  sent: boolean
}

/**
 * The page inside the workspace, for who is signed in there. The frame counts what waits: with the database away, or
 * when the very frame is what failed, there is none.
 */
async function atWork(c: Context<Env>, told: Told): Promise<string | undefined> {
  if (told.kind === 'unavailable') return
  return c.var
    .asStaff?.((ctx) => documentOf(<WorkProblem ctx={ctx} {...told} />))
    .catch((error) => {
      c.var.ctx.log.warn({ err: error, path: told.here }, 'a problem could not be told inside the workspace')
      return undefined
    })
}

const FIRST_PAGE = { path: '', label: 'http.problem.home' }

const PublicProblem = ({ ctx, onward = FIRST_PAGE, ...told }: Told & { ctx: Ctx }) => (
  <PublicPage ctx={ctx} title={told.title} current={onward.path || 'none'} path="/" robots="noindex">
    <div class="flow">
      <h1>{told.title}</h1>
      <ProblemText ctx={ctx} {...told} />
      <p class="btns">
        <LinkButton href={localPath(ctx, onward.path)}>{ctx.t(onward.label)}</LinkButton>
        <HelpLink ctx={ctx} />
      </p>
    </div>
  </PublicPage>
)

function WorkProblem({ ctx, onward, ...told }: Told & { ctx: Ctx }) {
  const page = told.sent ? '/work' : told.here.slice(`/${ctx.lang}`.length)
  const back = told.sent && told.kind === 'too_large'
  return (
    <WorkPage ctx={ctx} title={told.title} current="" path={page}>
      <Headline title={told.title} />
      <ProblemText ctx={ctx} {...told} />
      <p class="btns">
        {back && <LinkButton href={told.here}>{ctx.t('http.problem.back')}</LinkButton>}
        {onward && <LinkButton href={localPath(ctx, onward.path)}>{ctx.t(onward.label)}</LinkButton>}
        <LinkButton kind={back || onward ? 'second' : 'filled'} href={localPath(ctx, '/work')}>
          {ctx.t('http.problem.work')}
        </LinkButton>
        <HelpLink ctx={ctx} />
      </p>
    </WorkPage>
  )
}

function ProblemText({ ctx, text, kind, minutes }: Told & { ctx: Ctx }) {
  const kept = `http.problem.${kind}.kept`
  return (
    <>
      <p>{text}</p>
      {ctx.t.has(kept) && <p>{ctx.t(kept)}</p>}
      {minutes && <p>{ctx.t('http.problem.try_in', { minutes })}</p>}
    </>
  )
}

const HelpLink = ({ ctx }: { ctx: Ctx }) => (
  <LinkButton kind="second" href={localPath(ctx, '/help')}>
    {ctx.t('http.problem.help')}
  </LinkButton>
)

const HTTP_PROBLEMS: Record<number, Problem> = {
  400: problem('bad_request'),
  403: problem('forbidden', { detail: 'http.problem.other_site' }),
  413: problem('too_large'),
}

// PostgreSQL away, starting or stopping, or no connection free in time: it passes, so it is 503 and not a fault.
const AWAY = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  '57P01',
  '57P02',
  '57P03',
  '53300',
  '08006',
  '08001',
])

function asProblem(error: Error): Problem {
  if (error instanceof Problem) return error
  if (error instanceof HTTPException) return HTTP_PROBLEMS[error.status] ?? problem('bad_request')
  const code = (error as { code?: string }).code ?? ''
  // The last one: what the roll-back says that follows a lost connection.
  const lost = /timeout exceeded when trying to connect|Connection terminated|connection error and is not queryable/
  if (AWAY.has(code) || lost.test(error.message)) {
    return problem('unavailable', { retryAfter: 10 })
  }
  return problem('error')
}
