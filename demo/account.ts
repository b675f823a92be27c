// What Bellhop says at the end of the day, asked over HTTP, against what the fates imply: nothing missing, nothing twice.

import { endOf, type Course } from './scenario.ts'
import type { Story } from './reporter.ts'
import { compareNews } from './news.ts'
import type { Person } from './person.ts'
import type { ApprovalSeen, BookingSeen } from './wire.ts'
import type { Finding, Day } from './findings.ts'

/** Everything, once. Deliveries may still be on their way: ask again until it adds up, or patience ends. */
export async function takeAccount(day: Day): Promise<Finding> {
  const finding: Finding = { problems: [], told: new Map(), right: new Set(), missed: 0, strangers: 0 }
  const courses = new Map<BookingSeen, Course>()
  for (const story of day.stories)
    if (story.booking) courses.set(story.booking, await settleStory(day, story, finding))
  await compareNews(day, courses, finding)
  return finding
}

async function settleStory(day: Day, story: Story, finding: Finding): Promise<Course> {
  const { http } = day.cast[story.row.who]
  const id = story.booking?.id ?? ''
  const { body: booking } = await http.get<BookingSeen>(`/bookings/${id}`)
  const approval = await http.find<ApprovalSeen>(`/approvals/booking/${id}`)
  const course = courseOf(day, story, approval)
  const problems = [
    ...differences(course, booking, approval),
    ...reminderTrouble(day, story, approval),
    ...whoDecided(day, story, approval),
  ]
  finding.problems.push(
    ...problems.map((problem) => `${booking.bookingCode} (${story.row.fate}): ${problem}`),
  )
  if (problems.length === 0) finding.right.add(story)
  comparePath(day.cast[story.row.who], booking, finding)
  return course
}

function courseOf(day: Day, story: Story, approval: ApprovalSeen | undefined): Course {
  const {
    row: { who },
    way,
  } = story
  const isLate = story.decision === 'withdrawn' && approval?.status === 'EXPIRED'
  if (isLate) Object.assign(story, { decision: 'expired', sequel: 'cancelled', overtaken: true })
  return {
    who,
    way,
    decision: story.decision,
    sequel: story.sequel,
    onExpiry: day.onExpiry,
    wasRouted: Boolean(approval?.approverId),
    reminders: approval?.reminderCount ?? 0,
  }
}

function differences(course: Course, booking: BookingSeen, approval: ApprovalSeen | undefined): string[] {
  const end = endOf(course)
  const pairs: [string, unknown, unknown][] = [
    ['status', end.status, booking.status],
    ['cancellationReason', end.cancellationReason, booking.cancellationReason],
    ['version', end.version, booking.version],
    ['approval', end.approval?.status, approval?.status],
    ['decidedBy', end.approval?.decidedBy, approval?.decidedBy],
  ]
  return pairs
    .filter(([, implied, found]) => implied !== found)
    .map(([what, implied, found]) => `${what} is ${String(found)}, not ${String(implied)}`)
}

function reminderTrouble(
  { planned }: Day,
  { row, overtaken }: Story,
  approval: ApprovalSeen | undefined,
): string[] {
  const count = approval?.reminderCount ?? 0
  if (count > planned.length) return [`was reminded ${count} times, of ${planned.length}`]
  return count === 0 && row.fate === 'reminded' && !overtaken ? ['was never reminded'] : []
}

function whoDecided({ cast }: Day, { decision }: Story, approval: ApprovalSeen | undefined): string[] {
  if (decision !== 'approved' && decision !== 'rejected' && decision !== 'delegated') return []
  const isDelegate = decision === 'delegated'
  const [decider, behalf] = [
    cast[isDelegate ? 'director' : 'manager'].user.id,
    isDelegate ? cast.manager.user.id : null,
  ]
  return approval?.decidedById === decider && approval.onBehalfOfId === behalf
    ? []
    : ['was decided by somebody else']
}

/** A socket without a gap has heard of every version, once. */
function comparePath(who: Person, booking: BookingSeen, finding: Finding): void {
  const heard = [...who.heard['booking.created'], ...who.heard['booking.changed']]
    .filter(({ data }) => data.id === booking.id)
    .map(({ data }) => data.version)
  for (let version = 1; version <= booking.version; version++) {
    if (heard.includes(version)) continue
    if (who.gaps > 0) finding.missed += 1
    else
      finding.problems.push(
        `${booking.bookingCode}: the socket of ${who.name} never told of version ${version}`,
      )
  }
}
