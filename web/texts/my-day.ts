// What my day says.

import { inLanguage } from './language.ts'

export const myDayText = inLanguage({
  en: {
    greeting: (name: string) => `Hello, ${name}`,
    decisions: 'Waiting for your decision',
    noDecisions: 'Nothing waits for your decision',
    noDecisionsWhy: 'Requests that need you appear here by themselves.',
    requests: 'Your requests',
    noRequests: 'Nothing that you asked for lies ahead',
    noRequestsWhy: 'Ask for a vehicle, and follow here what becomes of it.',
    trips: 'Your trips',
    noTrips: 'No trips ahead',
    noTripsWhy: 'When you are assigned to one, it stands here.',
    all: 'Show all',
  },
  vi: {
    greeting: (name) => `Xin chào, ${name}`,
    decisions: 'Chờ bạn quyết định',
    noDecisions: 'Không có gì chờ bạn quyết định',
    noDecisionsWhy: 'Yêu cầu cần đến bạn sẽ tự hiện ở đây.',
    requests: 'Yêu cầu của bạn',
    noRequests: 'Bạn không có yêu cầu nào sắp tới',
    noRequestsWhy: 'Hãy đặt xe, rồi theo dõi kết quả tại đây.',
    trips: 'Chuyến đi của bạn',
    noTrips: 'Chưa có chuyến nào sắp tới',
    noTripsWhy: 'Khi được phân công, chuyến đi sẽ hiện ở đây.',
    all: 'Xem tất cả',
  },
})
