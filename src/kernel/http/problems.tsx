import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { Ctx } from '../context.ts'
import { Problem, problem } from '../problem.ts'
import { LinkButton } from '../ui/buttons.tsx'
import { PublicPage } from '../ui/layout.tsx'
import { localPath } from './page.ts'
import { documentOf } from './render.ts'

/** The answer to a failed request: a page in the reader's language, or a problem document for the API. */
export async function answerProblem(error: Error, c: Context, ctx: Ctx): Promise<Response> {
  const failure = asProblem(error)
  if (failure.kind === 'error') ctx.log.error({ err: error, path: c.req.path }, 'a request failed')
  else if (failure.status >= 500)
    ctx.log.warn({ reason: error.message, path: c.req.path }, 'a request could not be answered now')
  const { detail, values, retryAfter, errors } = failure.details
  c.status(failure.status)
  c.header('Cache-Control', 'no-store')
  if (retryAfter) c.header('Retry-After', String(retryAfter))
  const title = ctx.t(`http.problem.${failure.kind}.title`)
  const text = detail ? ctx.t(detail, values) : ctx.t(`http.problem.${failure.kind}.text`)
  if (c.req.path.startsWith('/api/')) {
    c.header('Content-Type', 'application/problem+json')
    return c.body(JSON.stringify({ type: 'about:blank', title, status: failure.status, detail: text, errors }))
  }
  return c.html(
    await documentOf(
      <ProblemPage
        ctx={ctx}
        title={title}
        text={text}
        kind={failure.kind}
        minutes={retryAfter && Math.ceil(retryAfter / 60)}
      />,
    ),
  )
}

function ProblemPage({
  ctx,
  title,
  text,
  kind,
  minutes,
}: {
  ctx: Ctx
  title: string
  text: string
  kind: string
  minutes?: number
}) {
  const kept = `http.problem.${kind}.kept`
  return (
    <PublicPage ctx={ctx} title={title} path="/" robots="noindex">
      <div class="flow">
        <h1>{title}</h1>
        <p>{text}</p>
        {ctx.t.has(kept) && <p>{ctx.t(kept)}</p>}
        {minutes && <p>{ctx.t('http.problem.try_in', { minutes })}</p>}
        <p class="btns">
          <LinkButton href={localPath(ctx, '')}>{ctx.t('http.problem.home')}</LinkButton>
          <LinkButton kind="second" href={localPath(ctx, '/help')}>
            {ctx.t('http.problem.help')}
          </LinkButton>
        </p>
      </div>
    </PublicPage>
  )
}

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
  if (AWAY.has(code) || /timeout exceeded when trying to connect|Connection terminated/.test(error.message)) {
    return problem('unavailable', { retryAfter: 10 })
  }
  return problem('error')
}
