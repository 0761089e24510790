// What other modules may use of the site.

export { ORGANISATIONS, type Organisation } from './organisations.ts'
export { Outside } from './pages/outside.tsx'
export { isReachable, Place, PlaceRow } from './pages/place.tsx'
