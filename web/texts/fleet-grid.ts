// What is said in the day and the week of the fleet.

import { inLanguage } from './language.ts'

export const gridText = inLanguage({
  en: {
    vehicles: 'Vehicles',
    drivers: 'Drivers',
    unassigned: 'To be assigned',
    previous: 'Day before',
    next: 'Day after',
    today: 'Today',
    day: 'Day',
    free: 'Free all day',
    label: (code: string, from: string, until: string) => `${code}, ${from} to ${until}`,
    view: 'Shown at once',
    weekView: 'Week',
    week: (from: string, until: string) => `${from} – ${until}`,
    previousWeek: 'Week before',
    nextWeek: 'Week after',
  },
  vi: {
    vehicles: 'Xe',
    drivers: 'Tài xế',
    unassigned: 'Chờ phân công',
    previous: 'Ngày trước',
    next: 'Ngày sau',
    today: 'Hôm nay',
    day: 'Ngày',
    free: 'Trống cả ngày',
    label: (code, from, until) => `${code}, từ ${from} đến ${until}`,
    view: 'Xem theo',
    weekView: 'Tuần',
    week: (from, until) => `${from} – ${until}`,
    previousWeek: 'Tuần trước',
    nextWeek: 'Tuần sau',
  },
})
