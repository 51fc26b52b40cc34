import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// Everything is served from one origin under a strict Content-Security-Policy: nothing may be inlined as script.
export default defineConfig({
  plugins: [react()],
  build: { target: "es2022", assetsInlineLimit: 0, modulePreload: { polyfill: false }, chunkSizeWarningLimit: 900 },
  server: { proxy: { "/api": "http://127.0.0.1:8787", "/intake": "http://127.0.0.1:8787" } },
  test: { include: ["src/**/*.test.ts"] },
});
