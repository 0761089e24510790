import type { Ctx } from '#kernel/context.ts'
import type { Resource } from '#kernel/http/page.ts'
import { formatOf } from '#kernel/i18n/format.ts'
import { LANGUAGE_NAMES, LANGUAGES, type Lang } from '#kernel/i18n/languages.ts'
import { translator } from '#kernel/i18n/translate.ts'
import { Brand } from '#kernel/ui/brand.tsx'
import { Icon } from '#kernel/ui/icons.tsx'
import { Document } from '#kernel/ui/layout.tsx'
import { DANGER_PATH, pathOf } from '#kernel/ui/navigation.ts'
import { RoadDrawing } from './road-drawing.tsx'

/** The first page: each language in itself. It is the same for everybody and guesses nothing from the browser. */
export const chooser: Resource = {
  path: '/',
  get(ctx) {
    const readers = LANGUAGES.map((lang) => readerOf(ctx, lang))
    const title = readers.map(({ t }) => t('site.chooser.title')).join(' · ')
    return (
      <Document
        ctx={readers[0]!}
        title={title}
        description={readers.map(({ t }) => t('site.home.description')).join(' ')}
        look="public"
      >
        <header class="top">
          <div class="wrap">
            <Brand ctx={readers[0]!} href="/" />
          </div>
        </header>
        <main id="main" class="bleed">
          <section class="hero">
            <div class="wrap">
              <h1>
                {readers.map(({ lang, t }, index) => (
                  <>
                    {index > 0 && '\u00a0· '}
                    <span lang={lang}>{t('site.chooser.title')}</span>
                  </>
                ))}
              </h1>
            </div>
            <RoadDrawing />
          </section>
          <div class="wrap">
            <div class="quick">
              {readers.map((reader) => (
                <a href={pathOf(reader, '/')} lang={reader.lang} hreflang={reader.lang}>
                  <Icon name="chat" />
                  <span>
                    <b>{LANGUAGE_NAMES[reader.lang]}</b>
                    <small>{reader.t('site.chooser.continue')}</small>
                  </span>
                  <Icon name="right" />
                </a>
              ))}
            </div>
            <ul class="alarms">
              {readers.map((reader) => (
                <li>
                  <a href={pathOf(reader, DANGER_PATH)} lang={reader.lang} hreflang={reader.lang}>
                    <Icon name="s-urgent" />
                    {reader.t('ui.nav.danger')}
                  </a>
                </li>
              ))}
            </ul>
          </div>
        </main>
      </Document>
    )
  },
}

const readerOf = (ctx: Ctx, lang: Lang): Ctx => ({
  ...ctx,
  lang,
  t: translator(ctx.platform.catalogue, lang),
  format: formatOf(lang),
})
