import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Child } from 'hono/jsx'
import type { Kysely } from 'kysely'
import type { AsClient } from './access/clients.ts'
import type { Command } from './cli/command.ts'
import type { Config } from './config.ts'
import type { Ctx } from './context.ts'
import type { DB } from './db/types.ts'
import type { Export } from './exports/export.ts'
import type { Page, Resource } from './http/page.ts'
import type { Catalogue, Messages } from './i18n/translate.ts'
import type { ImportKind } from './imports/kind.ts'
import type { CronItem, Job } from './jobs/job.ts'
import type { OpenedCase } from './my-case/tickets.ts'
import type { NotificationKind } from './notifications/kinds.ts'
import type { PersonNeed } from './people/needs.ts'
import type { OwnLogSource } from './people/own-log.ts'
import type { RetentionClock } from './retention/clock.ts'
import type { SearchSource } from './search/staff-search.ts'
import type { IconName } from './ui/icons.tsx'
import type { WebhookEvent } from './webhooks/events.ts'

/** Named bundles of permissions, given to a person per organisation. Their texts: `access.role.NAME`. */
export const ROLES = [
  'platform_administrator',
  'administrator',
  'registry_officer',
  'consul',
  'notice_officer',
  'notice_recipient',
  'carrier_desk',
  'vacancy_officer',
  'employer',
  'employer_administrator',
  'employment_officer',
  'ministry_representative',
  'auditor',
  'adviser',
  'carrier_agent',
] as const
export type RoleName = (typeof ROLES)[number]

/** A line of the staff rail, of the bar above it, or of the public header. `label` is a message key, `href` stands below `/{lang}`. */
export type NavigationItem = {
  label: string
  icon: IconName
  href: string
  /** Shown to whom; without it to every member of staff. */
  permission?: string
  /** How many things wait there; shown when above zero. */
  count?(ctx: Ctx): Promise<number>
  section?: 'main' | 'records' | 'bar'
}

/** One thing somebody has to do, shown in *My work*. */
export type WorkItem = {
  icon: IconName
  /** Already in the reader's language. */
  title: string
  why: string
  href: string
  action: string
  /** When it must be done; without it the item waits on others. */
  due: Temporal.Instant | null
}

/** A stop on the home page's road, or one of its quick cards. It is a link once a part has the page at `href`; until then it is only named. */
export type HomeItem = {
  station: 'before' | 'abroad' | 'back' | 'quick'
  label: string
  hint?(ctx: Ctx): Promise<string>
  icon: IconName
  href: string
}

/**
 * What a part shows on the page of a person, to whoever holds the permission; null where it knows nothing. It asks by
 * `personId` and all that are merged with it (`people.person.root`), under the part's own row policies.
 */
export type PersonPanel = {
  permission: string
  /** Message key. */
  title: string
  render(ctx: Ctx, personId: string): Promise<Child | null>
}

/** What one part of the platform adds to the whole. A folder of the kernel or a module declares one in `module.ts`. */
export type ModuleManifest = {
  name: string
  /** Permission → the roles that carry it. The migrator writes them to the database, where row policies read them. */
  permissions?: Record<string, readonly RoleName[]>
  /**
   * Which of its permissions programs of organisations may hold too, and how those prove who they are: by a `key` that they
   * send, or by the `signature` of each call. See `asClient` in `http/clients.ts`.
   */
  clients?: Record<string, 'key' | 'signature'>
  pages?: readonly Page[]
  /** Public files outside the languages: feeds, sitemap, robots. */
  resources?: readonly Resource[]
  /** Its public pages for search engines: paths below `/{lang}`, the newest first where there are many. */
  sitemap?(ctx: Ctx): Promise<readonly { path: string; lastmod?: Temporal.PlainDate }[]>
  /** Adds its routes to `/api/v1`. */
  api?(api: Api): void
  navigation?: readonly NavigationItem[]
  publicNavigation?: readonly Pick<NavigationItem, 'label' | 'icon' | 'href'>[]
  home?: readonly HomeItem[]
  workItems?(ctx: Ctx): Promise<WorkItem[]>
  /** What staff find of it in the search box. */
  search?: readonly SearchSource[]
  /** What it shows on the page of a person in the registry. */
  personPanels?: readonly PersonPanel[]
  /** What it shows somebody who opened *My case* with reference and PIN; null where it keeps nothing of them. */
  myCase?(ctx: Ctx, opened: OpenedCase): Promise<Child | null>
  /** Things of it that letters are about, by the type of their subject: what one is called, and where staff open it. */
  subjects?: Record<string, { label: string; href(reference: string): string }>
  /** What it tells people of: see `notify`. */
  notifications?: readonly NotificationKind[]
  /** What it tells programs of organisations: see `sendEvent`. */
  webhookEvents?: readonly WebhookEvent[]
  jobs?: Record<string, Job>
  cron?: readonly CronItem[]
  commands?: readonly Command[]
  imports?: readonly ImportKind[]
  exports?: readonly Export[]
  /** Brings the reference data shipped in `data/` into the database; does nothing when its version is there. */
  reference?(db: Kysely<DB>): Promise<void>
  /** How long it keeps what: erased by one job when its time has passed. */
  retention?: readonly RetentionClock[]
  /** Why it still needs somebody in the registry: as long as one holds, the person is not erased. */
  personNeeds?: readonly PersonNeed[]
  /** Who saw or was given data of a person, as far as it knows: for the person's own log. */
  ownLog?: readonly OwnLogSource[]
  /**
   * Gives some of what it keeps encrypted over from the former secret key to the present one, in a transaction of its own;
   * answers how many, 0 when nothing is left. Owner's connection.
   */
  moveKey?(ctx: Ctx): Promise<number>
  /** Adds demonstration data to a new database that is marked as a demonstration. */
  demo?(ctx: Ctx): Promise<void>
  messages?: Messages
}

/** An API under way: handlers find their context as `c.var.ctx`; those for programs of organisations, by `c.var.asClient`. */
export type Api = OpenAPIHono<{ Variables: { ctx: Ctx; asClient: AsClient } }>

/** The whole as composed at start: what the kernel hands to parts that must see the others. */
export type Platform = {
  parts: readonly ModuleManifest[]
  catalogue: Catalogue
  config: Config
  /** Whether the database was marked as a demonstration when it was made. */
  demonstration: boolean
}

/** Names a part's manifest; only gives it its type. */
export const defineModule = (manifest: ModuleManifest): ModuleManifest => manifest
