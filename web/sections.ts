// The first words of the console's addresses. The API answers them with the console to whoever asks for a page.

export const SECTIONS = [
  'bookings',
  'approvals',
  'chat',
  'desk',
  'tickets',
  'people',
  'organisation',
  'programs',
  'audit',
  'operations',
] as const
