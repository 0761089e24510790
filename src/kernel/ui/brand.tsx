import type { Ctx } from '../context.ts'
import { asset } from '../http/assets.ts'

/** The mark, which the browser fetches anyhow as the page's icon, and the drawn wordmark, as a link. */
export const Brand = ({ ctx, href }: { ctx: Ctx; href: string }) => (
  <a class="brand" href={href}>
    <img class="mark" src={asset('mark.svg')} alt="" />
    <svg
      class="word"
      viewBox="-3 -4 232 50"
      fill="none"
      stroke="currentColor"
      stroke-width="4.6"
      stroke-linecap="round"
      stroke-linejoin="round"
      role="img"
      aria-label={ctx.t('ui.brand')}
    >
      <path d="M2 2l18 28h4v6M20 2 2 30M54 10v20M54 20a10 10 0 1 1-20 0 10 10 0 0 1 20 0zM62 30V10l11 14 11-14v20M110 13.5a10 10 0 1 0 0 13M138 10v20M138 20a10 10 0 1 1-20 0 10 10 0 0 1 20 0zM158-1v41M172 20a14 10 0 1 1-28 0 14 10 0 0 1 28 0zM198 10v20M198 20a10 10 0 1 1-20 0 10 10 0 0 1 20 0zM206 40V10M226 20a10 10 0 1 1-20 0 10 10 0 0 1 20 0z" />
    </svg>
  </a>
)
