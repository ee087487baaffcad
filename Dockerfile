# syntax=docker/dockerfile:1
# The service without a database of its own: give it DATABASE_URL (compose.yaml does). It can also start
# the built-in PostgreSQL when DATABASE_URL is empty; keep /app/data on a volume then.
FROM node:24-bookworm-slim AS parts
WORKDIR /app
COPY package.json package-lock.json ./
# The image has Node 24 itself; the package that brings it to other machines would only double it.
RUN npm ci --omit=dev --no-audit --no-fund && npm cache clean --force \
  && rm -rf node_modules/node node_modules/.bin/node

FROM node:24-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080 MINGZHANG_DATA=/app/data
WORKDIR /app
COPY --from=parts /app/node_modules node_modules
COPY . .
# What is read of the pages is kept in the image: the user that runs it writes nothing but data.
RUN node bin/mingzhang.mjs help > /dev/null && mkdir data && chown node:node data
USER node
VOLUME /app/data
EXPOSE 8080
# SIGTERM reaches the service itself, without npm in between; it finishes what is under way.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/readyz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--import", "./bin/load-pages.mjs", "src/server.ts"]
