import type { Child, PropsWithChildren } from 'hono/jsx'
import type { Ctx } from '#kernel/context.ts'
import { PublicPage } from '#kernel/ui/layout.tsx'

/** The day on which the statements were last held against what the product does. */
export const WRITTEN_ON = Temporal.PlainDate.from('2026-11-22')

type StatementProps = PropsWithChildren<{ ctx: Ctx /** Its name: address and prefix of its messages. */; name: string }>

/** A page that says what holds here: title, one sentence, then headings with a few short lines each. */
export const Statement = ({ ctx, name, children }: StatementProps) => (
  <PublicPage
    ctx={ctx}
    title={ctx.t(`site.${name}.title`)}
    description={ctx.t(`site.${name}.description`)}
    path={`/${name}`}
  >
    <div class="flow">
      <h1>{ctx.t(`site.${name}.title`)}</h1>
      <p>{ctx.t(`site.${name}.lead`)}</p>
      {children}
    </div>
  </PublicPage>
)

type SectionProps = {
  ctx: Ctx /** Key of the heading. */
  heading: string /** Keys of the lines, or lines that stand already. */
  lines: readonly (string | Child)[]
}

/** A heading and its lines; a single one is a paragraph. */
export const Section = ({ ctx, heading, lines }: SectionProps) => {
  const texts = lines.map((line) => (typeof line === 'string' ? ctx.t(line) : line))
  return (
    <>
      <h2>{ctx.t(heading)}</h2>
      {texts.length === 1 ? (
        <p>{texts[0]}</p>
      ) : (
        <ul class="bullets">
          {texts.map((text) => (
            <li>{text}</li>
          ))}
        </ul>
      )}
    </>
  )
}
