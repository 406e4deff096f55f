"""Exports, as a module of metrics."""

from services.chassis.module import Module
from services.chassis.store.upload import Upload
from services.metrics.exports.export import Export
from services.metrics.exports.routes import router

exports = Module("exports", "Figures for other programs.", routers=[router], documents=[Export, Upload])
