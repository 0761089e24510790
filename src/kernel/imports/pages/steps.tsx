import type { Child, PropsWithChildren } from 'hono/jsx'
import type { Ctx } from '../../context.ts'
import { Headline } from '../../ui/blocks.tsx'
import { Steps } from '../../ui/road.tsx'
import { Note } from '../../ui/states.tsx'
import { WorkPage } from '../../ui/work-layout.tsx'
import { type Import, kindOf } from '../imports.ts'

/** Where all imports are listed; one import is `/work/imports/{id}`. */
export const IMPORTS = '/work/imports'

export const importPath = ({ id }: Pick<Import, 'id'>, rest = '') => `${IMPORTS}/${id}${rest}`

type ImportPageProps = PropsWithChildren<{ ctx: Ctx; found: Import; title: string; step: 1 | 2 | 3 | 4; head?: Child }>

/** What all pages of one import share: the file, who brought it, how far it is. */
export function ImportPage({ ctx, found, title, step, head, children }: ImportPageProps) {
  const steps = ['file', 'columns', 'check', 'report'].map((name) => ctx.t(`imports.step.${name}`))
  return (
    <WorkPage ctx={ctx} title={title} current={IMPORTS} path={importPath(found)} head={head}>
      <Headline title={title} lead={fileLine(ctx, found)} />
      <Steps ctx={ctx} steps={steps} current={step} />
      {children}
    </WorkPage>
  )
}

/** How many rows look misread, though they are sound. */
export const Doubt = ({ ctx, found }: { ctx: Ctx; found: Import }) =>
  found.doubtful > 0 ? (
    <Note state="attention" title={ctx.t(kindOf(ctx, found).doubt!.said, { rows: found.doubtful })} />
  ) : null

/** «list.xlsx · 214 KB · Zarina N., 21 November 2026, 13:48 · source: …» */
function fileLine(ctx: Ctx, found: Import): string {
  const who = [found.created_by_name, ctx.format.dateTime(found.created_at)].filter(Boolean).join(', ')
  const source = found.source && ctx.t('imports.file.source', { source: found.source })
  return [found.file_name, fileSize(ctx, found.file_size), who, source].filter(Boolean).join(' · ')
}

function fileSize({ t, format }: Ctx, bytes: number): string {
  const kilobytes = bytes / 1024
  return kilobytes < 1024
    ? t('imports.file.kilobytes', { size: format.number(Math.max(1, Math.round(kilobytes))) })
    : t('imports.file.megabytes', { size: format.number(kilobytes / 1024, { maximumFractionDigits: 1 }) })
}
