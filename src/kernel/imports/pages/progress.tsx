import type { Ctx } from '../../context.ts'
import { findRun, type Run } from '../../jobs/runs.ts'
import { Button, Buttons } from '../../ui/buttons.tsx'
import { pathOf } from '../../ui/navigation.ts'
import { LiveProgress, Progress } from '../../ui/progress.tsx'
import { Note } from '../../ui/states.tsx'
import type { Import } from '../imports.ts'
import { ImportPage, importPath } from './steps.tsx'

const STEP = { uploaded: 1, reading: 1, checking: 3, importing: 3 } as const

/** A step that a job takes just now. */
export async function ProgressPage({ ctx, found }: { ctx: Ctx; found: Import }) {
  const run = found.run_id ? await findRun(ctx, found.run_id) : undefined
  const failed = run?.state === 'failed'
  const state = found.state === 'uploaded' ? 'reading' : found.state
  return (
    <ImportPage
      ctx={ctx}
      found={found}
      title={ctx.t(`imports.progress.${state}`)}
      step={STEP[found.state as keyof typeof STEP]}
      head={!failed && <LookAgain />}
    >
      <LiveProgress ctx={ctx} src={pathOf(ctx, importPath(found))} done={failed}>
        <Progress value={run?.done ?? 0} max={run?.total ?? null}>
          {progressText(ctx, run)}
        </Progress>
      </LiveProgress>
      {failed ? (
        <Note state="stop" title={ctx.t('imports.progress.failed')}>
          {ctx.t('imports.progress.failed_text')}
        </Note>
      ) : (
        <p class="quiet">{ctx.t('imports.progress.leave')}</p>
      )}
      <form method="post">
        <Buttons>
          {failed && (
            <Button formaction={pathOf(ctx, importPath(found, '/resumption'))}>
              {ctx.t('imports.progress.resume')}
            </Button>
          )}
          <Button kind="plain" formaction={pathOf(ctx, importPath(found, '/cancellation'))}>
            {ctx.t('imports.cancel')}
          </Button>
        </Buttons>
      </form>
    </ImportPage>
  )
}

// Without script the page looks for itself; with script <live-progress> does, and the page stays where it was read.
const LookAgain = () => (
  <noscript>
    <meta http-equiv="refresh" content="5" />
  </noscript>
)

function progressText({ t, format }: Ctx, run: Run | undefined): string {
  if (!run || run.state === 'queued') return t('imports.progress.queued')
  const done = format.number(run.done)
  return run.total === null
    ? t('imports.progress.rows', { done })
    : t('imports.progress.rows_of', { done, total: format.number(run.total) })
}
