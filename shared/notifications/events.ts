import { event } from '../kit/event.ts'
import { Notification } from './schema.ts'

export const notificationCreated = event('notification.created', Notification, 'Somebody is told something; on their own channel.')
