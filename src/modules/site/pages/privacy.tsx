import { definePage } from '#kernel/http/page.ts'
import { Section, Statement, WRITTEN_ON } from './statement.tsx'

// Each line holds for what the product does today: whoever changes that changes the line.
const SECTIONS: Record<string, readonly string[]> = {
  visit: ['cookies', 'others', 'search', 'address'],
  report: ['kept', 'name', 'who', 'until'],
  phone: ['text', 'how', 'days'],
  entry: ['open', 'erased', 'end', 'log', 'alike', 'codes', 'phone', 'carriers'],
  registry: ['kept', 'sealed', 'erased', 'protected', 'log'],
  notices: ['kept', 'who', 'wrong', 'until', 'help'],
  staff: ['cookie', 'kept', 'passkey', 'told', 'throttle', 'audit'],
  links: ['text'],
}

/** What is known about people, what is kept and for how long. */
export const privacyPage = definePage({
  path: '/privacy',
  access: 'public',
  get(ctx) {
    return (
      <Statement ctx={ctx} name="privacy">
        {Object.entries(SECTIONS).map(([name, lines]) => (
          <Section
            ctx={ctx}
            heading={`site.privacy.${name}`}
            lines={lines.map((line) => `site.privacy.${name}_${line}`)}
          />
        ))}
        <p class="source">{ctx.t('site.privacy.date', { date: ctx.format.date(WRITTEN_ON) })}</p>
      </Statement>
    )
  },
})
