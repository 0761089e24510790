import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'

/** The script of axe-core, which `axeViolations` expects in the page. */
export const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

declare const axe: { run(options: object): Promise<AxeResults> }

/** What stands in the way of people with disabilities, as rule and element; empty is good. All rules of axe-core apply. */
export async function axeViolations(page: Page): Promise<string[]> {
  const { violations, passes } = await page.evaluate(() => axe.run({ resultTypes: ['violations'] }))
  // A check that found nothing to look at has not passed.
  if (passes.length < 15) return [`only ${passes.length} rules applied`]
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary}`),
  )
}

/** How many pixels the page is wider than the screen; the widest elements behind it. */
export const overflow = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement
    const hidden = [document.documentElement, document.body].filter(
      (element) => getComputedStyle(element).overflowX !== 'visible',
    )
    if (hidden.length > 0) return ['overflow is hidden instead of avoided']
    if (scrollWidth <= clientWidth) return []
    const wide = [...document.body.querySelectorAll('*')].filter(
      (element) => element.getBoundingClientRect().right > clientWidth + 0.5,
    )
    return [`${scrollWidth - clientWidth} px: ${wide.slice(-3).map((element) => element.outerHTML.slice(0, 120))}`]
  })

/** What is wrong with the document itself: its language, its heading, its icons and pictures. */
export const documentFaults = (page: Page, lang: string): Promise<string[]> =>
  page.evaluate((lang) => {
    const faults: string[] = []
    if (document.documentElement.lang !== lang) faults.push(`lang is ${document.documentElement.lang}`)
    const headings = [...document.querySelectorAll('h1')].filter((heading) => heading.textContent.trim() !== '')
    if (headings.length !== 1) faults.push(`${headings.length} first headings`)
    for (const use of document.querySelectorAll('use')) {
      if (!document.querySelector(use.getAttribute('href') ?? '#')) faults.push(`no icon ${use.getAttribute('href')}`)
    }
    for (const picture of document.querySelectorAll('img'))
      if (picture.naturalWidth === 0) faults.push(`no picture ${picture.src}`)
    for (const link of document.querySelectorAll<HTMLLinkElement>('link[rel=stylesheet]'))
      if (!link.sheet?.cssRules.length) faults.push(`no styles ${link.href}`)
    return faults
  }, lang)

/** Opens what is folded, as a reader would. */
export const unfold = (page: Page): Promise<void> =>
  page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true
  })

/** Fills the page's form like this, and sends it. */
export async function send(page: Page, form: Record<string, string>): Promise<void> {
  for (const [name, value] of Object.entries(form)) {
    const choice = page.locator(`main input[name="${name}"][value="${value}"]`)
    if ((await choice.count()) > 0) await choice.check()
    else await page.fill(`main [name="${name}"]`, value)
  }
  const answer = page.waitForResponse((response) => response.request().method() === 'POST')
  await page.locator('main form[method=post] button').last().click()
  if ((await answer).status() !== 200) throw new Error(`The form was answered with ${(await answer).status()}`)
  await page.waitForLoadState()
}

/** Writes down what a page complains of, what it asks other hosts for, and what it asked for in vain. */
export function watch(page: Page, origin: string): { faults: string[] } {
  const seen = { faults: [] as string[] }
  page.on('pageerror', (error) => seen.faults.push(`script: ${error.message}`))
  page.on('console', (message) => {
    // The browser also mourns a page that rightly answers 404 or 410.
    const own = message.text().startsWith('Failed to load resource') && message.location().url === page.url()
    if ((message.type() === 'error' || message.type() === 'warning') && !own)
      seen.faults.push(`console: ${message.text()}`)
  })
  page.on('request', (request) => {
    if (!request.url().startsWith(`${origin}/`) && !request.url().startsWith('data:'))
      seen.faults.push(`asked another host: ${request.url()}`)
  })
  page.on('response', (response) => {
    if (response.status() >= 400 && !response.request().isNavigationRequest())
      seen.faults.push(`${response.status()} ${response.url()}`)
  })
  return seen
}
